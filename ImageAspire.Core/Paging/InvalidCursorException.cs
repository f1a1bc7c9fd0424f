namespace ImageAspire.Core.Paging;

/// <summary>A cursor that does not belong to the query.</summary>
public sealed class InvalidCursorException() : FormatException(
    "The cursor is not one that this list handed out for the same filters and sort. Start again without a cursor.");
