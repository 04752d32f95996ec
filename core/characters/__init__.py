"""Characters: who the faces without a name are, in groups and by questions, and naming them."""
