namespace ImageAspire.Dashboard.Components.Text;

/// <summary>Attributes whose values lead somewhere, as <see cref="DashboardOptions.AttributeLinks"/> says.</summary>
internal static class AttributeLink
{
    /// <summary>The address for an attribute; null when it has none.</summary>
    /// <param name="links">Key → address with <c>{value}</c>.</param>
    /// <param name="key">Key of the attribute.</param>
    /// <param name="value">Its value: anything. It is escaped, so it can change neither the scheme nor the host.</param>
    public static string? For(IReadOnlyDictionary<string, string> links, string key, string value)
    {
        if (value.Length is 0 or > 512 || !links.TryGetValue(key, out var template))
            return null;
        // Decided by the template with nothing in it: a value never makes an address of another kind.
        if (!Uri.TryCreate(template.Replace("{value}", "", StringComparison.Ordinal), UriKind.Absolute, out var empty)
            || (empty.Scheme != Uri.UriSchemeHttp && empty.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        var address = template.Replace("{value}", Uri.EscapeDataString(value), StringComparison.Ordinal);
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Authority == empty.Authority ? address : null;
    }
}
