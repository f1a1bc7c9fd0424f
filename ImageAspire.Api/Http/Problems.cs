namespace ImageAspire.Api.Http;

/// <summary>Factories of problems that several endpoints use.</summary>
internal static class Problems
{
    public static ProblemResult Of(int status, string code, string detail, int? retryAfterSeconds = null) => new(status, code, detail, retryAfterSeconds);

    public static ProblemResult BadRequest(string code, string detail) => new(400, code, detail);

    public static ProblemResult NotFound(string what = "There is nothing at this address.") => new(404, ProblemCodes.NotFound, what);

    public static ProblemResult NoSuchImage(string id) => NotFound($"There is no image '{id}'. It may have been deleted.");

    public static ProblemResult Stale(long version) => new(412, ProblemCodes.StaleVersion,
        $"The image has changed: its version is now {version}. Read it again and repeat the change with the new ETag.");
}
