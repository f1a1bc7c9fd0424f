using System.Globalization;

namespace ImageAspire.Dashboard.Components.Console;

/// <summary>
/// Which lines a page has: of each resource the number of the last one. As text <c>api.120~worker-1.14</c>, with names escaped. What
/// cannot be read counts as nothing known.
/// </summary>
internal sealed class ConsoleCursor
{
    private const int MostResources = 200, Longest = 8000;

    private readonly SortedDictionary<string, long> _last = new(StringComparer.Ordinal);

    public static ConsoleCursor Parse(string? text)
    {
        var cursor = new ConsoleCursor();
        if (text is null or { Length: 0 or > Longest })
            return cursor;
        foreach (var part in text.Split('~', MostResources))
        {
            var dot = part.LastIndexOf('.');
            if (dot > 0 && long.TryParse(part.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                cursor._last[Uri.UnescapeDataString(part[..dot])] = number;
        }

        return cursor;
    }

    public long After(string resource) => _last.GetValueOrDefault(resource);

    public void Advance(string resource, long number)
    {
        if (_last.Count < MostResources || _last.ContainsKey(resource))
            _last[resource] = number;
    }

    // "~" separates, and is not escaped by the escaping of addresses.
    public override string ToString() =>
        string.Join('~', _last.Select(one => $"{Uri.EscapeDataString(one.Key).Replace("~", "%7E", StringComparison.Ordinal)}.{one.Value.ToString(CultureInfo.InvariantCulture)}"));
}
