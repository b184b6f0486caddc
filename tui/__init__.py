"""Everything a person sees on a terminal; knows no sockets."""
