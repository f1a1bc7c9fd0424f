namespace ImageAspire.Dashboard.Access;

/// <summary>Addresses to go back to: only paths of the dashboard itself, whatever a link or a form says.</summary>
internal static class LocalAddress
{
    private const int Longest = 2000;

    /// <summary>The address when it is one of ours, else <c>/</c>.</summary>
    public static string OrHome(string? address) => IsLocal(address) ? address! : "/";

    // Browsers read a backslash as a slash and leave out tabs and line ends: "/\t/evil.example" would lead away.
    private static bool IsLocal(string? address) =>
        address is { Length: > 0 and <= Longest } && address[0] == '/' && !(address.Length > 1 && address[1] == '/')
        && !address.Any(one => one == '\\' || char.IsControl(one));
}
