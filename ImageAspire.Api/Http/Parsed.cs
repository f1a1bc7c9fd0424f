namespace ImageAspire.Api.Http;

/// <summary>A value of a request, or the problem why there is none.</summary>
/// <param name="Value">The value; only meaningful without a problem.</param>
/// <param name="Problem">The problem; null when the value was understood.</param>
internal readonly record struct Parsed<T>(T? Value, ProblemResult? Problem = null)
{
    public static implicit operator Parsed<T>(T value) => new(value);

    public static implicit operator Parsed<T>(ProblemResult problem) => new(default, problem);
}
