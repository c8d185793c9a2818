"""Files of fixes: written, read back, and what is wrong with them."""

import os
from hashlib import sha256

import pytest

from vgg_transfer.errors import ImageSetError
from vgg_transfer.images.fix_file import Fix, read_fix_file, save_fix_file

ODD = os.fsdecode(b"cats/\xe9\n.jpg")
FIXES = (
    Fix("cats/a, b.jpg", "11", "leave out", "", "the same as c.jpg"),
    Fix(ODD, "22", "relabel", "dogs", '97% "dogs", 1% cats'),
)


def fault(file, text):
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ImageSetError) as error:
        read_fix_file(file)
    return str(error.value).replace(str(file), "FILE")


def test_what_is_saved_is_read_back(tmp_path):
    file = tmp_path / "fixes.csv"
    assert save_fix_file(FIXES, file)
    assert file.read_bytes().startswith(
        b'path,digest,action,label,why\n"cats/a, b.jpg",11,leave out,,the same as c.jpg\n'
    )
    found = read_fix_file(file)
    assert list(found.fixes.values()) == list(FIXES)
    assert list(found.fixes) == [2, 4]  # the second name takes two lines
    assert found.digest == sha256(file.read_bytes()).hexdigest()


def test_another_file_is_not_overwritten(tmp_path):
    file = tmp_path / "fixes.csv"
    save_fix_file(FIXES, file)
    assert not save_fix_file(FIXES, file)
    with pytest.raises(ImageSetError, match=r"says something else; nothing is overwritten"):
        save_fix_file(FIXES[:1], file)
    assert list(read_fix_file(file).fixes.values()) == list(FIXES)


def test_columns_may_stand_in_any_order_and_rows_may_be_missing(tmp_path):
    file = tmp_path / "fixes.csv"
    file.write_text("\ufeffAction, Path ,size\nleave out,a.jpg,9\n\n", encoding="utf-8")
    assert list(read_fix_file(file).fixes.values()) == [Fix("a.jpg", "", "leave out")]
    file.write_text("action,digest\n", encoding="utf-8")
    assert read_fix_file(file).fixes == {}


def test_a_missing_file_and_a_wrong_header(tmp_path):
    (tmp_path / "fixes.csv").touch()
    with pytest.raises(ImageSetError) as error:
        read_fix_file(tmp_path / "fixs.csv")
    assert str(error.value) == (
        f'There is no file of fixes "{tmp_path}/fixs.csv". Did you mean "fixes.csv"?'
    )
    assert fault(tmp_path / "fixes.csv", "path,split\na.jpg,train\n") == (
        'The file of fixes "FILE" cannot be used: its header needs the columns "action", and '
        '"digest" or "path"; it has "path", "split".'
    )


def test_all_faults_are_told_with_their_lines(tmp_path):
    rows = (
        "a,11,leave out,",
        "a,11,relabel,dogs",
        ",22,leaveout,",
        "b,,relabel,",
        "c,,leave out,dogs",
        ",,leave out,",
        "a,33,relabel,dogs",
    )
    text = "\n".join(["path,digest,action,label", *rows, ""])
    assert fault(tmp_path / "fixes.csv", text).splitlines() == [
        'The file of fixes "FILE" cannot be used: 5 faults.',
        '- line 3: relabel "dogs", and line 2 says leave out.',
        '- line 4: "leaveout" is no action: leave out, relabel. Did you mean "leave out"?',
        "- line 5: relabel without a label.",
        '- line 6: leave out with the label "dogs": only relabel gives one.',
        "- line 7: no digest and no path.",
    ]
