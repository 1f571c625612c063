"""The JSON API, version 1: one router per resource, put together here."""

from fastapi import APIRouter

router = APIRouter()
