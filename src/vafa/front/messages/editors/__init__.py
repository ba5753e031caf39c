"""How a template is written on its page: one editor for each channel, each with a part of the page of its own."""
