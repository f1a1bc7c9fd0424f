using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageAspire.Tests.Http;

/// <summary>
/// Reads answers of the Api as the records of this folder, strictly: a member that a record does not have, one that is missing, and a null
/// fail the test. The records are the tests' own, so that a change of the contract shows.
/// </summary>
internal static class Responses
{
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        NumberHandling = JsonNumberHandling.Strict, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

    public static async Task<T> ReadAsync<T>(this HttpResponseMessage response, CancellationToken cancellationToken = default)
    {
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return Read<T>(text);
    }

    public static async Task<T> GetAsync<T>(this HttpClient client, string path, CancellationToken cancellationToken = default)
    {
        using var response = await client.GetAsync(path, cancellationToken);
        return await response.ReadAsync<T>(cancellationToken);
    }

    /// <summary>What a list without pages has, or its first page.</summary>
    public static async Task<IReadOnlyList<T>> GetItemsAsync<T>(this HttpClient client, string path, CancellationToken cancellationToken = default) =>
        (await client.GetAsync<PageDto<T>>(path, cancellationToken)).Items;

    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Strict)!;

    public static async Task ShouldBeProblemAsync(this Task<HttpResponseMessage> sending, int status, string code)
    {
        using var response = await sending;
        await response.ShouldBeProblemAsync(status, code);
    }

    public static async Task ShouldBeProblemAsync(this HttpResponseMessage response, int status, string code)
    {
        var text = await response.Content.ReadAsStringAsync();
        ((int)response.StatusCode).ShouldBe(status, text);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = Read<ProblemDto>(text);
        (problem.Code, problem.Status).ShouldBe((code, status));
        problem.Detail.ShouldNotBeNullOrEmpty();
    }
}
