using System.Text.Json;
using ImageAspire.Api.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ImageAspire.Api.Access;

/// <summary>How to rotate a secret; the whole body may be left out.</summary>
/// <param name="OverlapSeconds">For how long the old secret works too, 0 to 604800 (a week); default 0: it ends at once.</param>
public sealed record KeyRotation(int? OverlapSeconds = null)
{
    private const int MaxBody = 1024;
    private const int MaxOverlap = 7 * 24 * 3600;

    /// <summary>How long the old secret stays valid; the problem when the body is invalid.</summary>
    internal static async Task<(TimeSpan Overlap, ProblemResult? Problem)> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength == 0 || request.HttpContext.Features.Get<IHttpRequestBodyDetectionFeature>()?.CanHaveBody == false)
            return (TimeSpan.Zero, null);
        var (json, problem) = await JsonBody.ReadObjectAsync(request, MaxBody, "overlapSeconds", cancellationToken);
        if (json is null)
            return (TimeSpan.Zero, problem);
        using (json)
        {
            var overlap = 0;
            foreach (var member in json.RootElement.EnumerateObject())
            {
                if (member.Name != "overlapSeconds")
                    return (TimeSpan.Zero, Problems.BadRequest(ProblemCodes.UnknownMember, "A rotation has one member only: overlapSeconds."));
                if (member.Value.ValueKind != JsonValueKind.Number || !member.Value.TryGetInt32(out overlap) || overlap is < 0 or > MaxOverlap)
                    return (TimeSpan.Zero, Problems.BadRequest(ProblemCodes.InvalidParameter, $"overlapSeconds must be a whole number from 0 to {MaxOverlap}."));
            }

            return (TimeSpan.FromSeconds(overlap), null);
        }
    }
}
