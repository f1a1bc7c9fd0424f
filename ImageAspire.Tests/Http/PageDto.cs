namespace ImageAspire.Tests.Http;

/// <summary>A page of a list: <c>next</c> is the cursor of the page after it, absent on the last one and in lists without pages.</summary>
public sealed record PageDto<T>(IReadOnlyList<T> Items, string? Next = null);
