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
        return response.IsSuccessStatusCode ? Read<T>(text) : throw new HttpRequestException($"{(int)response.StatusCode}: {text}");
    }

    /// <summary>The problem of an answer that refuses.</summary>
    public static async Task<ProblemDto> ReadProblemAsync(this HttpResponseMessage response) => Read<ProblemDto>(await response.Content.ReadAsStringAsync());

    public static async Task<T> GetAsync<T>(this HttpClient client, string path, CancellationToken cancellationToken = default)
    {
        using var response = await client.GetAsync(path, cancellationToken);
        return await response.ReadAsync<T>(cancellationToken);
    }

    /// <summary>What a list without pages has, or its first page.</summary>
    public static async Task<IReadOnlyList<T>> GetItemsAsync<T>(this HttpClient client, string path, CancellationToken cancellationToken = default) =>
        (await client.GetAsync<PageDto<T>>(path, cancellationToken)).Items;

    /// <summary>All pages of a list.</summary>
    public static async Task<List<T>> GetAllAsync<T>(this HttpClient client, string path)
    {
        var items = new List<T>();
        string? cursor = null;
        do
        {
            var page = await client.GetAsync<PageDto<T>>(cursor is null ? path : $"{path}{(path.Contains('?') ? '&' : '?')}cursor={Uri.EscapeDataString(cursor)}");
            items.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);
        return items;
    }

    public static T Read<T>(string text) => JsonSerializer.Deserialize<T>(text, Strict)!;
}
