using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;

namespace ImageAspire.Dashboard.Components.Text;

/// <summary>
/// The page's own address with some of its query changed: everything that a page shows is in its address. Names and values are escaped
/// here and nowhere else.
/// </summary>
public sealed class PageAddress
{
    private readonly string _path;
    private readonly List<KeyValuePair<string, string>> _query = [];

    /// <summary>Reads the address of the page that is being shown.</summary>
    public PageAddress(NavigationManager navigation)
    {
        var uri = new Uri(navigation.Uri);
        _path = uri.AbsolutePath;
        foreach (var (name, values) in QueryHelpers.ParseQuery(uri.Query))
        {
            foreach (var value in values)
            {
                if (!string.IsNullOrEmpty(value))
                    _query.Add(new(name, value));
            }
        }
    }

    /// <summary>What the query says, name by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Query => _query;

    /// <summary>The first value of a name; null for none.</summary>
    public string? this[string name] => _query.Find(pair => pair.Key == name).Value;

    /// <summary>The page with a value set, or without it when that is null. A different choice starts at the first page again.</summary>
    public string With(params ReadOnlySpan<(string Name, string? Value)> changes)
    {
        var query = new List<KeyValuePair<string, string>>(_query);
        foreach (var (name, value) in changes)
        {
            query.RemoveAll(pair => pair.Key == name);
            if (!string.IsNullOrEmpty(value))
                query.Add(new(name, value));
        }

        return Build(_path, query);
    }

    /// <summary>An address from a path, whose parts are escaped already, and a query.</summary>
    public static string Build(string path, IEnumerable<KeyValuePair<string, string>> query)
    {
        var text = string.Join('&', query.Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));
        return text.Length == 0 ? path : $"{path}?{text}";
    }

    /// <summary>A page of this dashboard for one resource, or for all of them: <c>/traces/resource/api</c>, <c>/traces</c>.</summary>
    public static string Of(string page, string? resource, params ReadOnlySpan<(string Name, string? Value)> query)
    {
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in query)
        {
            if (!string.IsNullOrEmpty(value))
                pairs.Add(new(name, value));
        }

        return Build(string.IsNullOrEmpty(resource) ? $"/{page}" : $"/{page}/resource/{Uri.EscapeDataString(resource)}", pairs);
    }
}
