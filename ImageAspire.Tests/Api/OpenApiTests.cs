using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ImageAspire.Tests.Api;

public sealed class OpenApiTests
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

    private static async Task<HttpStatusCode> CallAsync(HttpClient client, string operation)
    {
        var (method, path) = (operation.Split(' ')[0], operation.Split(' ')[1].Replace("{id}", Guid.NewGuid().ToString()));
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return answer.StatusCode;
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
