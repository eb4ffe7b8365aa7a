"""Runs freestiler as a program: freestiler_job.py OUT.pmtiles LAST_ZOOM NAME:FIRST_ZOOM:FILE…"""

import sys

import geopandas
from freestiler import freestile, freestile_layer

out, last_zoom, *described = sys.argv[1:]
layers = {}
for text in described:
    name, first_zoom, path = text.split(":", 2)
    frame = geopandas.read_file(path, use_arrow=False)
    layers[name] = freestile_layer(frame, min_zoom=int(first_zoom), max_zoom=int(last_zoom))
freestile(layers, out, min_zoom=0, max_zoom=int(last_zoom), quiet=True)
