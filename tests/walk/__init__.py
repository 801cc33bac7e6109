"""The walk: every door of the site, tried by every role on what is its own and what is not.

`secrets.py` plants marks that nobody mistakes, `world.py` builds two towns full of them, `doors.py` reads the doors
from the URL configuration, `filling.py` knows what stands in the gap of an address, `reading.py` reads whatever comes
back, `walking.py` goes. A new page is walked without being named here; an address whose gap nobody can fill fails.
"""
