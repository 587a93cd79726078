"""What came of the calls we made, and what will come of those we are about to make."""
