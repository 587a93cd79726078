"""Chinese of the studio's sentences: one file per topic, each with a table CHINESE from English to Chinese."""
