namespace ImageAspire.Azure.ConnectionStrings;

/// <summary>Connection strings of the form <c>Name=value;Name=value</c>.</summary>
internal static class ConnectionParts
{
    /// <summary>The parts that locate a storage account; one of them is enough.</summary>
    public static readonly string[] Places = ["Endpoint", "BlobEndpoint", "AccountName", "UseDevelopmentStorage"];

    /// <summary>The parts by name, ignoring case; of two with the same name the first.</summary>
    public static Dictionary<string, string> Of(string text) => text.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(part => part.Split('=', 2)).Where(pair => pair.Length == 2)
        .GroupBy(pair => pair[0].Trim(), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(group => group.Key, group => group.First()[1].Trim(), StringComparer.OrdinalIgnoreCase);
}
