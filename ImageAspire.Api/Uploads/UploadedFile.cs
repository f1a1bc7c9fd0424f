using ImageAspire.Api.Http;
using ImageAspire.Core.Pipeline;

namespace ImageAspire.Api.Uploads;

/// <summary>One file of a request: staged, or refused.</summary>
/// <param name="Name">Its clean name.</param>
/// <param name="Staged">Its bytes, waiting for the commit.</param>
/// <param name="Refused">Why it was refused.</param>
internal sealed record UploadedFile(string Name, StagedImage? Staged, UploadRefusedException? Refused);

/// <summary>A request that is refused as a whole; nothing of it is kept.</summary>
internal sealed class UploadRequestException(ProblemResult problem) : Exception(problem.Problem.Detail)
{
    public ProblemResult Problem { get; } = problem;
}
