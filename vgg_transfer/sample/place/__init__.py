"""The places of the sample set: what stands behind the animals, indoors and outdoors."""
