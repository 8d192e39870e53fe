"""Start: every recipe as a card; one click opens it on its screen, ready to train."""

import streamlit as st

from pages.parts.components.address import address
from pages.parts.entry import enter
from pages.parts.gallery import follow_wish, recipe_gallery

enter()
follow_wish()
st.markdown("#### Pick something to learn, press Train, and change whatever you like while it runs")
recipe_gallery()
address("start")
