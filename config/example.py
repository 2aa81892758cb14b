"""The question that help, errors and checks of a model take as an example; the sample documents answer it."""

EXAMPLE = "左云县有多少网格员"
