"""A long trial of the dialling: thousands of calls while dialers, web and carrier are killed at random moments."""
