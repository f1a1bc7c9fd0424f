using System.Security.Cryptography;
using System.Text.Json;

namespace ImageAspire.AppHost.Model;

/// <summary>
/// Looks at the models of the vision service before it is started: with a wrong one it would not start, and images would wait for it instead
/// of being described by measured facts.
/// </summary>
internal static class VisionModelCheck
{
    /// <summary>One sentence about the first model that is missing or damaged; null when all are right that the service needs.</summary>
    /// <param name="folder">Where the models are.</param>
    /// <param name="lockFile">Names and hashes; where it is not there, models are not compared.</param>
    public static string? Problem(string folder, string lockFile)
    {
        if (!Directory.Exists(folder))
            return "its models are missing.";
        if (!File.Exists(lockFile))
            return null;
        using var document = JsonDocument.Parse(File.ReadAllBytes(lockFile));
        return document.RootElement.GetProperty("packages").EnumerateArray()
            .SelectMany(package => package.GetProperty("files").EnumerateArray())
            .Where(file => !(file.TryGetProperty("optional", out var optional) && optional.GetBoolean()))
            .Select(file => Problem(Path.Combine(folder, file.GetProperty("name").GetString()!), file))
            .FirstOrDefault(problem => problem is not null);
    }

    private static string? Problem(string path, JsonElement file)
    {
        if (!File.Exists(path))
            return $"its model {Path.GetFileName(path)} is missing.";
        return Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path))) == file.GetProperty("sha256").GetString() ? null
            : $"its model {Path.GetFileName(path)} is damaged, or of another version.";
    }
}
