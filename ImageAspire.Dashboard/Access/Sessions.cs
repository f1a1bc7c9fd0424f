using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace ImageAspire.Dashboard.Access;

/// <summary>A browser that has signed in.</summary>
/// <param name="FormToken">Value of the hidden field <see cref="Sessions.FormField"/> in its forms.</param>
/// <param name="Expires">When it has to sign in again.</param>
internal sealed record Session(string FormToken, DateTimeOffset Expires);

/// <summary>Those who are signed in. In memory only: after a restart everybody signs in again.</summary>
/// <param name="time">The clock.</param>
internal sealed class Sessions(TimeProvider time)
{
    /// <summary>Name of the field that shows that a form is one of ours.</summary>
    public const string FormField = "form-token";

    private const int Most = 100;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(3);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Session> _byHash = new(StringComparer.Ordinal);

    /// <summary>Begins a session and gives the browser its cookie. When there are too many, the oldest ends.</summary>
    public void Begin(HttpContext context)
    {
        var id = RandomText();
        lock (_lock)
        {
            if (_byHash.Count >= Most)
                _byHash.Remove(_byHash.MinBy(one => one.Value.Expires).Key);
            _byHash[HashOf(id)] = new Session(RandomText(), time.GetUtcNow() + Lifetime);
        }

        var options = Options();
        options.MaxAge = Lifetime;
        context.Response.Cookies.Append(CookieName(context), id, options);
    }

    /// <summary>The session of a request; null when it has none.</summary>
    public Session? Find(HttpContext context)
    {
        if (context.Request.Cookies[CookieName(context)] is not { Length: > 0 and < 100 } id)
            return null;
        lock (_lock)
            return _byHash.TryGetValue(HashOf(id), out var session) && session.Expires > time.GetUtcNow() ? session : null;
    }

    /// <summary>Ends the session of a request.</summary>
    public void End(HttpContext context)
    {
        if (context.Request.Cookies[CookieName(context)] is { } id)
        {
            lock (_lock)
                _byHash.Remove(HashOf(id));
        }

        context.Response.Cookies.Delete(CookieName(context), Options());
    }

    // Browsers do not keep the cookies of two ports apart: the name does.
    internal static string CookieName(HttpContext context) => $"imageaspire-dashboard-{context.Connection.LocalPort}";

    private static CookieOptions Options() => new() { HttpOnly = true, SameSite = SameSiteMode.Strict, Path = "/" };

    private static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string HashOf(string id) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(id)));
}
