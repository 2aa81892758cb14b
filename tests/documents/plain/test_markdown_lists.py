"""Numbers of the items of Markdown lists: those that the rendered page shows."""

from tests.documents.reading import read, texts


def test_an_ordered_list_keeps_its_numbers() -> None:
    document = read(
        "a.md", "申领须知：\n\n3. 户口簿；\n4. **近期**照片。\n\n   背面写姓名。\n\n   1) 正面\n   2) 侧面\n"
    )
    assert texts(document) == ["申领须知：", "3. 户口簿；", "4. 近期照片。", "背面写姓名。", "1) 正面", "2) 侧面"]


def test_numbers_that_the_rendered_page_counts_otherwise_are_left_out() -> None:
    assert texts(read("a.md", "1. 户口簿\n1. 照片\n\n- 7\n- 乙\n")) == ["1. 户口簿", "照片", "7", "乙"]


def test_a_heading_in_a_list_has_no_number_of_its_own() -> None:
    assert texts(read("a.md", "1. # 总则\n\n   正文。\n2. 第二项\n")) == ["总则", "正文。", "2. 第二项"]
