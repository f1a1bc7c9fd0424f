namespace ImageAspire.Api.Http;

/// <summary>Refuses query parameters that an endpoint does not have: a filter that is misspelt and ignored would answer everything.</summary>
internal static class UnknownParameters
{
    private const int MostQuoted = 50;

    /// <summary>Refuses them in a group: on reads, and wherever an endpoint says which parameters it has.</summary>
    public static RouteGroupBuilder WithoutUnknownParameters(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter((context, next) => Refusal(context.HttpContext) is { } problem ? ValueTask.FromResult<object?>(problem) : next(context));
        ((IEndpointConventionBuilder)group).Finally(endpoint =>
        {
            if (IsChecked(endpoint.Metadata) && !endpoint.Metadata.OfType<ProducesResponseTypeMetadata>().Any(one => one.StatusCode == StatusCodes.Status400BadRequest))
                endpoint.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status400BadRequest, typeof(ApiProblem), [ProblemResult.ContentType]));
        });
        return group;
    }

    private static bool IsChecked(IEnumerable<object> metadata) =>
        metadata.OfType<QueryParameters>().Any() || metadata.OfType<HttpMethodMetadata>().LastOrDefault() is { } methods && methods.HttpMethods.Contains(HttpMethods.Get);

    private static ProblemResult? Refusal(HttpContext context)
    {
        if (context.Request.Query.Count == 0 || context.GetEndpoint()?.Metadata is not { } metadata || !IsChecked(metadata))
            return null;
        var known = metadata.OfType<QueryParameters>().SelectMany(one => one.All).Select(one => one.Name).ToList();
        return context.Request.Query.Keys.FirstOrDefault(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)) is not { } unknown ? null
            : Problems.BadRequest(ProblemCodes.InvalidParameter, known.Count == 0 ? $"'{Quoted(unknown)}' is no parameter of this address, which has none."
                : $"'{Quoted(unknown)}' is no parameter of this address; it has {string.Join(", ", known)}.");
    }

    private static string Quoted(string name) => name.Length <= MostQuoted ? name : name[..MostQuoted] + "…";
}
