"""How well and how fast calls are heard: accuracy on people's recordings, and many calls at once."""
