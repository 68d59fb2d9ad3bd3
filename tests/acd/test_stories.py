"""Every story in tests/stories comes out as it is told."""

import importlib.util
from pathlib import Path

import pytest

STORIES = sorted((Path(__file__).parent.parent / "stories").glob("*.txt"))
_spec = importlib.util.spec_from_file_location("story", Path(__file__).parent / "story.py")
story = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(story)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_story(path):
    story.run(path.read_text())
