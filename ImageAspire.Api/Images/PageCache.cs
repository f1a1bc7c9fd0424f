using System.Security.Cryptography;
using System.Text.Json;
using ImageAspire.Api.Http;
using ImageAspire.Api.Search;
using Microsoft.Net.Http.Headers;

namespace ImageAspire.Api.Images;

/// <summary>A serialized list page.</summary>
/// <param name="Body">UTF-8 JSON.</param>
/// <param name="ETag">Weak ETag: a digest of the body.</param>
internal sealed record CachedPage(byte[] Body, EntityTagHeaderValue ETag);

/// <summary>
/// List pages as bytes. A write of this instance clears the cache at once; writes of other processes clear it through the instance
/// subscription; and no page is older than <see cref="MaxAge"/>, should an event be late. Bounded in pages and in bytes. One query per page at a time.
/// </summary>
internal sealed class PageCache(ImageSearch search, ApiOptions options, TimeProvider time)
{
    /// <summary>The longest time that a page is cached.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(2);

    // Of all pages. A page can have 200 records with long texts.
    internal const int MaxBytes = 64 << 20;

    private readonly Lock _lock = new();
    private long _bytes;
    private Dictionary<ListRequest, Entry> _pages = [];

    /// <summary>The page, from memory when nothing has changed.</summary>
    public Task<CachedPage> GetAsync(ListRequest request)
    {
        lock (_lock)
        {
            if (_pages.TryGetValue(request, out var known) && time.GetElapsedTime(known.Since) < MaxAge && !known.Page.IsFaulted)
                return known.Page;
            if (_pages.Count >= options.CachedPages)
                Evict(); // pages live two seconds: evicting all is good enough
            // Not cancelled by one request: others may wait for the same page.
            var page = Task.Run(() => LoadAsync(request));
            if (options.CachedPages > 0)
                _pages[request] = new Entry(page, time.GetTimestamp());
            return page;
        }
    }

    /// <summary>Clears the cache, also of pages that are being read: they may miss the change.</summary>
    public void Clear()
    {
        lock (_lock)
            Evict();
    }

    private void Evict()
    {
        if (_pages.Count > 0)
            _pages = [];
        _bytes = 0;
    }

    private async Task<CachedPage> LoadAsync(ListRequest request)
    {
        var page = await search.FindAsync(request, CancellationToken.None);
        var body = JsonSerializer.SerializeToUtf8Bytes(page, ApiJson.Default.ImageListPage);
        lock (_lock)
        {
            if ((_bytes += body.Length) > MaxBytes)
                Evict();
        }

        var digest = Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 12));
        return new CachedPage(body, new EntityTagHeaderValue($"\"{digest}\"", isWeak: true));
    }

    private sealed record Entry(Task<CachedPage> Page, long Since);
}
