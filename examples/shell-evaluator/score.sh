#!/bin/sh
# The surface of a closed can in square centimetres; it is to hold a litre. The candidate comes as {"radius": centimetres, "height": centimetres}.
tr -cs '0-9.' ' ' | awk '{
  radius = $1; height = $2; pi = 3.14159265358979
  missing = 1000 - pi * radius * radius * height
  printf "surface: %.12g\n", 2 * pi * radius * (radius + height)
  printf "violation: %.12g\n", (missing > 0 ? missing / 1000 : 0)
}'
