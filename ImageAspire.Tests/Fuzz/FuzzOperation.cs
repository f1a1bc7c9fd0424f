using System.Text.Json.Nodes;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Fuzz;

/// <summary>A parameter of an operation.</summary>
/// <param name="Name">Its name.</param>
/// <param name="In">Where it is: <c>path</c>, <c>query</c> or <c>header</c>.</param>
/// <param name="Schema">What fits.</param>
internal sealed record FuzzParameter(string Name, string In, JsonNode Schema);

/// <summary>An operation of the OpenAPI document.</summary>
/// <param name="Method">HTTP method.</param>
/// <param name="Path">Path with placeholders.</param>
/// <param name="Parameters">Its parameters.</param>
/// <param name="Bodies">Media types of its body, with their schemas; none without a body.</param>
/// <param name="Statuses">The statuses that the document names.</param>
internal sealed record FuzzOperation(
    HttpMethod Method, string Path, IReadOnlyList<FuzzParameter> Parameters, IReadOnlyList<(string MediaType, JsonNode Schema)> Bodies, IReadOnlySet<int> Statuses)
{
    /// <summary>What its ids are of: <c>images</c>, <c>uploads</c>, <c>webhooks</c>, <c>keys</c> …</summary>
    public string Kind => Path.Split('/') is [_, _, "operations", var kind, ..] ? kind : Path.Split('/')[2];

    /// <summary>All operations of the committed document, with the references in their schemas resolved one level at a time by <see cref="FuzzJson"/>.</summary>
    public static (JsonNode Document, IReadOnlyList<FuzzOperation> All) Read()
    {
        var document = JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(Repository.Root, "docs/openapi/v1.json")))!;
        var all = new List<FuzzOperation>();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                all.Add(new FuzzOperation(
                    HttpMethod.Parse(method.ToUpperInvariant()), path,
                    [.. (operation!["parameters"]?.AsArray() ?? []).Select(one => new FuzzParameter((string)one!["name"]!, (string)one["in"]!, one["schema"]!))],
                    [.. (operation["requestBody"]?["content"]?.AsObject() ?? []).Select(one => (one.Key, one.Value!["schema"]!))],
                    operation["responses"]!.AsObject().Select(one => int.Parse(one.Key)).ToHashSet()));
            }
        }

        return (document, all);
    }
}
