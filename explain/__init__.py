"""What bytes on the wire mean: behind `python protocol.py explain`, and the checks."""
