"""What a script can have wrong: functions from its story to findings, beside their entries."""
