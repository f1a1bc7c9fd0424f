using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ImageAspire.Core.Access;
using ImageAspire.Core.Events;
using ImageAspire.Core.Images;
using ImageAspire.Core.Ports;
using ImageAspire.Tests.Requirements;

namespace ImageAspire.Tests.Api;

public sealed partial class OpenApiTests
{
    [Fact]
    public async Task OpenApi_TheDocument_IsTheCommittedOne()
    {
        await using var host = new ApiHost();

        var document = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";

        var path = Path.Combine(Repository.Root, "docs", "openapi", "v1.json");
        if (Environment.GetEnvironmentVariable("UPDATE_OPENAPI") == "1")
            await File.WriteAllTextAsync(path, document);
        document.ShouldBe(await File.ReadAllTextAsync(path),
            "The HTTP contract has changed. If that is wanted: UPDATE_OPENAPI=1 dotnet test --filter OpenApi, and commit docs/openapi/v1.json.");
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
        Values("/api/audit", "type").ShouldBe([.. ImageEventTypes.All, .. AccessEventTypes.All]);
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
        await host.Client.DeleteAsync($"/api/keys/{(await host.CreateKeyAsync("old", "read")).Id}");
        await host.CreateKeyAsync("new", "read", "write");

        foreach (var (path, operation) in new[]
        {
            ($"/api/images/{id}", "/api/images/{id}"), ("/api/images?limit=1", "/api/images"), ("/api/images", "/api/images"), ("/api/tags", "/api/tags"),
            ("/api/operations/subscriptions", "/api/operations/subscriptions"), ("/api/operations/dead-letters", "/api/operations/dead-letters"),
            ("/api/operations/stages", "/api/operations/stages"), ("/api/reports/cost", "/api/reports/cost"), ("/api/reports/daily", "/api/reports/daily"),
            ("/api/keys?revoked=true", "/api/keys"), ("/api/audit", "/api/audit"), ("/api/webhooks", "/api/webhooks"),
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
}
