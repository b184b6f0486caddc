"""What labs/check.py is made of: the stages, and those who play the other side."""
