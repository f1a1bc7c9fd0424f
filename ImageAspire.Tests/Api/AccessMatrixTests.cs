using System.Text.Json.Nodes;
using ImageAspire.Api.Access;
using ImageAspire.Core.Access;
using ImageAspire.Core.Ports;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace ImageAspire.Tests.Api;

/// <summary>
/// Who may call what: every operation of the OpenAPI document, called without a key, with a wrong, a revoked and an expired one (always 401),
/// with a key for each scope alone, and with one for all of them. Ids are unknown and bodies empty, so that no call changes anything: what
/// counts is whether it is authorized.
/// </summary>
public sealed class AccessMatrixTests
{
    // Expected statuses, by the scopes of the key: read alone, write alone, operate alone, all three.
    private static readonly Dictionary<string, (int Read, int Write, int Operate, int All)> Expected = new()
    {
        ["POST /api/images"] = (403, 400, 403, 400),
        ["POST /api/uploads"] = (403, 412, 403, 412),
        ["OPTIONS /api/uploads"] = (403, 204, 403, 204),
        ["OPTIONS /api/uploads/{id}"] = (403, 204, 403, 204),
        ["HEAD /api/uploads/{id}"] = (403, 412, 403, 412),
        ["PATCH /api/uploads/{id}"] = (403, 412, 403, 412),
        ["DELETE /api/uploads/{id}"] = (403, 412, 403, 412),
        ["POST /api/uploads/{id}"] = (403, 412, 403, 412),
        ["GET /api/images"] = (200, 403, 403, 200),
        ["GET /api/images/{id}"] = (404, 403, 403, 404),
        ["PATCH /api/images/{id}"] = (403, 404, 403, 404),
        ["DELETE /api/images/{id}"] = (403, 404, 403, 404),
        ["POST /api/images/{id}/restore"] = (403, 404, 403, 404),
        ["GET /api/trash"] = (403, 403, 403, 200),
        ["GET /api/trash/{id}/thumbnail"] = (403, 403, 403, 404),
        ["POST /api/images/{id}/analyze"] = (403, 404, 403, 404),
        ["GET /api/images/{id}/similar"] = (404, 403, 403, 404),
        ["GET /api/images/{id}/content"] = (404, 403, 403, 404),
        ["GET /api/images/{id}/thumbnail"] = (404, 403, 403, 404),
        ["GET /api/events"] = (200, 403, 403, 200),
        ["GET /api/delays"] = (200, 403, 403, 200),
        ["GET /api/tags"] = (200, 403, 403, 200),
        ["GET /api/reports/daily"] = (200, 403, 403, 200),
        ["GET /api/reports/cost"] = (200, 403, 403, 200),
        ["GET /api/audit"] = (403, 403, 200, 200),
        ["GET /api/audit/head"] = (403, 403, 200, 200),
        ["POST /api/audit/verify"] = (403, 403, 200, 200),
        ["GET /api/operations/subscriptions"] = (403, 403, 200, 200),
        ["POST /api/operations/subscriptions/{name}/pause"] = (403, 403, 404, 404),
        ["POST /api/operations/subscriptions/{name}/resume"] = (403, 403, 404, 404),
        ["DELETE /api/operations/subscriptions/{name}"] = (403, 403, 404, 404),
        ["GET /api/operations/stages"] = (403, 403, 200, 200),
        ["POST /api/operations/stages/{name}/run-missing"] = (403, 403, 404, 404),
        ["POST /api/operations/stages/{name}/run-all"] = (403, 403, 404, 404),
        ["DELETE /api/operations/stages/{name}/run"] = (403, 403, 404, 404),
        ["GET /api/operations/dead-letters"] = (403, 403, 200, 200),
        ["POST /api/operations/dead-letters/retry"] = (403, 403, 200, 200),
        ["POST /api/operations/dead-letters/{id}/retry"] = (403, 403, 404, 404),
        ["DELETE /api/operations/dead-letters/{id}"] = (403, 403, 404, 404),
        ["GET /api/operations/alarms"] = (403, 403, 200, 200),
        ["GET /api/operations/scrub"] = (403, 403, 200, 200),
        ["GET /api/operations/backups"] = (403, 403, 200, 200),
        ["GET /api/operations/storage"] = (403, 403, 200, 200),
        ["GET /api/operations/services"] = (403, 403, 200, 200),
        ["GET /api/webhooks"] = (403, 403, 200, 200),
        ["POST /api/webhooks"] = (403, 403, 400, 400),
        ["GET /api/webhooks/{id}"] = (403, 403, 404, 404),
        ["PATCH /api/webhooks/{id}"] = (403, 403, 404, 404),
        ["DELETE /api/webhooks/{id}"] = (403, 403, 404, 404),
        ["POST /api/webhooks/{id}/rotate"] = (403, 403, 404, 404),
        ["POST /api/webhooks/{id}/test"] = (403, 403, 404, 404),
        ["GET /api/webhooks/{id}/deliveries"] = (403, 403, 404, 404),
        ["POST /api/webhooks/{id}/deliveries/{deliveryId}/redeliver"] = (403, 403, 404, 404),
        ["GET /api/keys"] = (403, 403, 200, 200),
        ["POST /api/keys"] = (403, 403, 400, 400),
        ["GET /api/keys/{id}"] = (403, 403, 404, 404),
        ["PATCH /api/keys/{id}"] = (403, 403, 404, 404),
        ["DELETE /api/keys/{id}"] = (403, 403, 404, 404),
        ["POST /api/keys/{id}/rotate"] = (403, 403, 404, 404),
        // Not in the document, which is about /api.
        ["GET /openapi/v1.json"] = (200, 403, 403, 200),
    };

    // A hundred calls without a good key come from one address here.
    private static readonly (string, string)[] Patient = [("Access:WrongKeys", "0"), ("Access:AnonymousRequestsPerSecond", "0")];

    [Fact]
    public async Task EveryOperation_EveryKindOfKey_IsAnsweredAsTheTableSays()
    {
        await using var host = new ApiHost(Patient);
        var secrets = await SecretsAsync(host);
        var wrong = new List<string>();

        // The document leaves out HEAD, which is answered wherever GET is.
        var heads = Expected.Where(one => one.Key.StartsWith("GET /api/", StringComparison.Ordinal) && one.Key != "GET /api/events")
            .Select(one => KeyValuePair.Create($"HEAD{one.Key[3..]}", one.Value));
        foreach (var (operation, expected) in Expected.Concat(heads))
        {
            var statuses = new Dictionary<string, int>
            {
                ["none"] = 401, ["wrong"] = 401, ["revoked"] = 401, ["expired"] = 401,
                ["read"] = expected.Read, ["write"] = expected.Write, ["operate"] = expected.Operate, ["all"] = expected.All,
            };
            foreach (var (kind, status) in statuses)
            {
                using var client = host.ClientWith(secrets[kind]);
                if (await CallAsync(client, operation) is var answered && answered != status)
                    wrong.Add($"{operation}, key {kind}: {answered}, not {status}");
            }
        }

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public async Task Document_EveryOperation_IsInTheTable()
    {
        await using var host = new ApiHost();
        var paths = JsonNode.Parse(await host.Client.GetStringAsync("/openapi/v1.json"))!["paths"]!.AsObject();

        paths.SelectMany(path => path.Value!.AsObject().Select(one => $"{one.Key.ToUpperInvariant()} {path.Key}"))
            .ShouldBe(Expected.Keys.Where(one => one.Contains(" /api/", StringComparison.Ordinal)), ignoreOrder: true);
    }

    [Fact]
    public async Task Endpoints_UnderApi_AreAllInTheDocumentAndHaveAScope()
    {
        await using var host = new ApiHost();
        var endpoints = host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(one => one.RoutePattern.RawText!.StartsWith("/api", StringComparison.Ordinal)).ToList();

        endpoints.ShouldNotBeEmpty();
        foreach (var endpoint in endpoints)
        {
            endpoint.Metadata.GetMetadata<IAuthorizeData>().ShouldNotBeNull(endpoint.DisplayName).Policy.ShouldBeOneOf([.. Scopes.All]);
            endpoint.Metadata.GetMetadata<IAllowAnonymous>().ShouldBeNull(endpoint.DisplayName);
            var methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods;
            foreach (var method in methods.Where(method => method != "HEAD" || !methods.Contains("GET")))
                Expected.Keys.ShouldContain($"{method} {endpoint.RoutePattern.RawText!.TrimEnd('/')}");
        }
    }

    [Fact]
    public async Task Authorization_EndpointWithoutAScope_IsForbiddenToEveryCaller()
    {
        await using var host = new ApiHost();
        await using var scope = host.Services.CreateAsyncScope();
        var context = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        context.Request.Path = "/api/forgotten";
        context.Request.Headers["X-API-Key"] = ApiHost.AllKey;
        context.SetEndpoint(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/api/forgotten"), 0, null, "forgotten"));

        context.User = (await context.AuthenticateAsync()).Principal.ShouldNotBeNull();
        var authorization = new AuthorizationMiddleware(_ => Task.CompletedTask, host.Services.GetRequiredService<IAuthorizationPolicyProvider>());
        await authorization.Invoke(context);

        context.Response.StatusCode.ShouldBe(403);
    }

    private static async Task<Dictionary<string, string?>> SecretsAsync(ApiHost host)
    {
        var revoked = await host.CreateKeyAsync("revoked", "read", "write", "operate");
        (await host.Client.DeleteAsync($"/api/keys/{revoked.Id}")).EnsureSuccessStatusCode();
        var expired = ApiKeySecret.Create();
        await host.Services.GetRequiredService<IApiKeyStore>().AddAsync(new ApiKey
        {
            Id = Guid.CreateVersion7(), Version = 1, Name = "expired", Scopes = ["read", "write", "operate"], RequestsPerSecond = 0, Burst = 1,
            Sha256 = ApiKeySecret.Hash(expired), Hint = ApiKeySecret.Hint(expired), CreatedAt = DateTimeOffset.UnixEpoch, CreatedBy = "all",
            ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1),
        }, CancellationToken.None);
        await host.Services.GetRequiredService<ApiKeyCacheRefresher>().RefreshAsync(CancellationToken.None);
        return new Dictionary<string, string?>
        {
            ["none"] = null, ["wrong"] = "not-a-key-of-ours", ["revoked"] = revoked.Secret, ["expired"] = expired,
            ["read"] = (await host.CreateKeyAsync("reads", "read")).Secret, ["write"] = (await host.CreateKeyAsync("writes", "write")).Secret,
            ["operate"] = (await host.CreateKeyAsync("operates", "operate")).Secret, ["all"] = (await host.CreateKeyAsync("does all", "read", "write", "operate")).Secret,
        };
    }

    private static async Task<int> CallAsync(HttpClient client, string operation)
    {
        var parts = operation.Split(' ');
        var unknown = Guid.CreateVersion7().ToString();
        using var request = new HttpRequestMessage(new HttpMethod(parts[0]), parts[1].Replace("{id}", unknown).Replace("{deliveryId}", unknown).Replace("{name}", "none"));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return (int)answer.StatusCode;
    }
}
