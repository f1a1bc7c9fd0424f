using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;

namespace ImageAspire.Tests.Api;

public sealed partial class OpenApiTests
{
    private static readonly Dictionary<string, string> Scopes = new()
    {
        ["POST /api/images"] = "write", ["GET /api/images"] = "read", ["GET /api/images/{id}"] = "read", ["PATCH /api/images/{id}"] = "write",
        ["DELETE /api/images/{id}"] = "write", ["POST /api/images/{id}/analyze"] = "write", ["GET /api/images/{id}/content"] = "read",
        ["HEAD /api/images/{id}/content"] = "read", ["GET /api/images/{id}/thumbnail"] = "read", ["HEAD /api/images/{id}/thumbnail"] = "read",
        ["GET /api/events"] = "read", ["GET /api/tags"] = "read", ["GET /api/reports/daily"] = "read", ["GET /api/audit"] = "operate",
        ["GET /api/operations/subscriptions"] = "operate", ["POST /api/operations/subscriptions/{name}/pause"] = "operate",
        ["POST /api/operations/subscriptions/{name}/resume"] = "operate", ["GET /api/operations/dead-letters"] = "operate",
        ["POST /api/operations/dead-letters/retry"] = "operate", ["POST /api/operations/dead-letters/{id}/retry"] = "operate",
        ["DELETE /api/operations/dead-letters/{id}"] = "operate",
        ["GET /api/operations/stages"] = "operate", ["POST /api/operations/stages/{name}/run-missing"] = "operate",
        ["POST /api/operations/stages/{name}/run-all"] = "operate", ["DELETE /api/operations/stages/{name}/run"] = "operate", ["GET /api/reports/cost"] = "read",
        ["GET /api/webhooks"] = "operate", ["POST /api/webhooks"] = "operate", ["GET /api/webhooks/{id}"] = "operate", ["PATCH /api/webhooks/{id}"] = "operate",
        ["DELETE /api/webhooks/{id}"] = "operate", ["POST /api/webhooks/{id}/rotate"] = "operate", ["POST /api/webhooks/{id}/test"] = "operate",
        ["GET /api/webhooks/{id}/deliveries"] = "operate", ["POST /api/webhooks/{id}/deliveries/{deliveryId}/redeliver"] = "operate",
    };

    [Fact]
    public async Task OpenApi_TheDocument_IsTheCommittedOne()
    {
        await using var host = new ApiHost();

        var document = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

        var path = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "docs", "openapi", "v1.json");
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
            await File.WriteAllTextAsync(path, document);
        document.ShouldBe(await File.ReadAllTextAsync(path),
            "The HTTP contract has changed. If that is wanted: UPDATE_OPENAPI=1 dotnet test --filter OpenApi, and commit docs/openapi/v1.json.");
    }

    [Fact]
    public async Task OpenApi_EveryOperation_IsClosedToWhoMayNotCallIt()
    {
        await using var host = new ApiHost();
        using var nobody = host.ClientWith(null);
        using var stranger = host.ClientWith("wrong");
        using var reader = host.ClientWith(ApiHost.ReadKey);
        using var writer = host.ClientWith(ApiHost.WriteKey);
        var paths = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();
        var operations = paths.SelectMany(path => path.Value!.AsObject().Select(one => $"{one.Key.ToUpperInvariant()} {path.Key}")).ToList();
        operations.ShouldBe(Scopes.Keys, ignoreOrder: true); // a new operation must be named here with its scope

        foreach (var operation in operations)
        {
            (await CallAsync(nobody, operation)).ShouldBe(HttpStatusCode.Unauthorized, operation);
            (await CallAsync(stranger, operation)).ShouldBe(HttpStatusCode.Unauthorized, operation);
            (await CallAsync(Scopes[operation] == "read" ? writer : reader, operation)).ShouldBe(HttpStatusCode.Forbidden, operation);
            (await CallAsync(host.Client, operation)).ShouldNotBeOneOf(HttpStatusCode.Unauthorized, HttpStatusCode.Forbidden);
        }
    }

    [Fact]
    public async Task OpenApi_Schemas_SayTypesAsTheyAreSent()
    {
        await using var host = new ApiHost();
        var document = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!;

        foreach (var (name, schema) in document["components"]!["schemas"]!.AsObject())
        {
            // A schema of its own is an object or the words of an enum.
            ((string?)schema!["type"] is "object" || schema["allOf"] is not null || ((string?)schema["type"] is "string" && schema["enum"] is not null)).ShouldBeTrue(name);
            foreach (var member in schema["required"]?.AsArray() ?? [])
                OpenApiSchemaCheck.MayBeNull(schema["properties"]![(string)member!]!).ShouldBeFalse($"{name}.{member} is left out when it is null, and cannot be required");
        }

        foreach (var node in Objects(document))
        {
            if (node["type"] is JsonArray types)
                types.Select(type => (string)type!).Count(type => type != "null").ShouldBe(1, node.ToJsonString());
            if (node["description"] is JsonValue text)
                Identifier().Match((string)text!).Value.ShouldBeOneOf("", "ImageAspire", "InspectImage"); // a product and a stage, no classes
        }
    }

    [Fact]
    public async Task OpenApi_QueryParameters_SayTheirValuesOrFormat()
    {
        await using var host = new ApiHost();
        var paths = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();
        JsonObject Schema(string path, string name) => paths[path]!["get"]!["parameters"]!.AsArray().First(one => (string?)one!["name"] == name)!["schema"]!.AsObject();
        string[] Values(string path, string name) => [.. Schema(path, name)["enum"]!.AsArray().Select(one => (string)one!)];

        foreach (var status in Values("/api/images", "status"))
            (await host.Client.GetAsync($"/api/images?status={status}")).StatusCode.ShouldBe(HttpStatusCode.OK, status);
        Values("/api/images", "status").ShouldBe(Enum.GetNames<ImageStatus>().Select(name => name.ToLowerInvariant()));
        Values("/api/images", "sort").ShouldBe(Enum.GetNames<ImageSort>().Select(name => name.ToLowerInvariant()), ignoreOrder: true);
        Values("/api/images", "archived").ShouldBe(["true", "false", "all"]);
        Values("/api/audit", "type").ShouldBe(ImageEventTypes.All);
        ((string?)Schema("/api/images", "from")["format"]).ShouldBe("date-time");
        ((string?)Schema("/api/reports/daily", "to")["format"]).ShouldBe("date");
        ((int)Schema("/api/images", "limit")["maximum"]!, (int)Schema("/api/images", "limit")["default"]!).ShouldBe((ImageQuery.MaxLimit, 50));
    }

    [Fact]
    public async Task OpenApi_RealAnswers_AreWhatTheDocumentSays()
    {
        await using var host = new ApiHost();
        var document = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!;
        var id = await host.UploadAsync(1);
        await host.AnalyzeAsync(id, "beach", "dog");
        await host.UploadAsync(2);

        foreach (var (path, operation) in new[]
        {
            ($"/api/images/{id}", "/api/images/{id}"), ("/api/images?limit=1", "/api/images"), ("/api/images", "/api/images"), ("/api/tags", "/api/tags"),
            ("/api/operations/subscriptions", "/api/operations/subscriptions"), ("/api/operations/dead-letters", "/api/operations/dead-letters"),
            ("/api/operations/stages", "/api/operations/stages"), ("/api/reports/cost", "/api/reports/cost"), ("/api/reports/daily", "/api/reports/daily"),
        })
        {
            var schema = document["paths"]![operation]!["get"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
            OpenApiSchemaCheck.Errors(document, schema, JsonNode.Parse(await host.Client.GetStringAsync(path))).ShouldBeEmpty(path);
        }

        using var again = await host.PostRawAsync(TestImages.Jpeg(seed: 2));
        var answer = document["paths"]!["/api/images"]!["post"]!["responses"]!["200"]!["content"]!["application/json"]!["schema"]!;
        OpenApiSchemaCheck.Errors(document, answer, JsonNode.Parse(await again.Content.ReadAsStringAsync())).ShouldBeEmpty();
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject one => one.SelectMany(member => Objects(member.Value)).Prepend(one),
        JsonArray many => many.SelectMany(Objects),
        _ => [],
    };

    // Like ImageRecord, ImageRecord.UploadedAt or int?; units like KiB are no names.
    [GeneratedRegex(@"\b[A-Z][a-z]+[A-Z][A-Za-z]*(?<!\bKiB|\bMiB)\b|\b\w+\? |\b[A-Z]\w*\.[A-Z]\w+")]
    private static partial Regex Identifier();

    private static async Task<HttpStatusCode> CallAsync(HttpClient client, string operation)
    {
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1].Replace("{id}", Guid.NewGuid().ToString()));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
