using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using ImageAspire.Core.Access;

namespace ImageAspire.AppHost.Model;

/// <summary>The API key with every scope. It also signs browsers in to the gallery.</summary>
/// <param name="Key">A parameter of the application, so that the dashboard can show it.</param>
/// <param name="KeyText">The key itself in a local run; null in a deployment, where Azure stores it.</param>
internal sealed record Access(IResourceBuilder<ParameterResource> Key, string? KeyText)
{
    /// <summary>Name of the key in the Api.</summary>
    public const string KeyName = "apphost";

    /// <summary>How long a sign-in link is valid.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromMinutes(15);

    /// <summary>A link that signs a browser in to the gallery, once. Null in a deployment.</summary>
    /// <param name="root">Address of the Api.</param>
    public string? SignInLink(string root)
    {
        if (KeyText is null)
            return null;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(KeyText));
        var token = SignedToken.Create(KeyName, TimeProvider.System.GetUtcNow() + LinkLifetime).Sign(SignedToken.SignIn, SignedToken.SigningKey(hash, hash));
        return $"{root}/signin?token={Uri.EscapeDataString(token)}";
    }
}

/// <summary>Adds the API key, and configures it for the Api.</summary>
internal static class AccessExtensions
{
    private const string FileName = "api-key";

    /// <summary>The configured key, else the one in the data folder, else a new one that is stored there; a deployment generates its own.</summary>
    public static Access AddAccess(this IDistributedApplicationBuilder builder, AppHostSettings settings)
    {
        var description = "The API key with every scope. It opens the gallery, too.";
        if (!settings.IsRun)
        {
            var generated = new GenerateParameterDefault { MinLength = 40, Special = false };
            return new Access(builder.AddParameter(FileName, generated, secret: true, persist: true).WithDescription(description), null);
        }

        RemoveKeyFromEnvironment();
        var key = settings.ApiKey ?? StoredKey(Path.Combine(settings.DataFolder, FileName));
        return new Access(builder.AddParameter(FileName, key, secret: true).WithDescription(description), key);
    }

    /// <summary>The error of the key in a data folder; null when it is valid, or when there is none yet.</summary>
    public static string? StoredKeyError(string folder)
    {
        var file = Path.Combine(folder, FileName);
        try
        {
            return File.Exists(file) && Read(file) is null ? $"'{file}' contains no API key of 20 characters or more. Delete the file to generate a new key." : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return $"'{file}' cannot be read: {error.Message}";
        }
    }

    /// <summary>Configures the key for the Api; in a local run by its hash, so that no secret is in its environment.</summary>
    public static IResourceBuilder<ProjectResource> WithAccess(this IResourceBuilder<ProjectResource> api, Access access)
    {
        api.WithEnvironment("Access__Keys__0__Name", Access.KeyName)
            .WithEnvironment("Access__Keys__0__Scopes", "read,write,operate")
            .WithEnvironment("Access__Keys__0__RequestsPerSecond", "0");
        return access.KeyText is { } key
            ? api.WithEnvironment("Access__Keys__0__Sha256", Hash(key))
            : api.WithEnvironment("Access__Keys__0__Key", access.Key);
    }

    // The orchestrator and every service would inherit it. The configuration has read it already.
    private static void RemoveKeyFromEnvironment()
    {
        var variable = AppHostSettings.ApiKeyKey.Replace(":", "__", StringComparison.Ordinal);
        foreach (var name in Environment.GetEnvironmentVariables().Keys.OfType<string>().Where(name => name.EndsWith(variable, StringComparison.OrdinalIgnoreCase)))
            Environment.SetEnvironmentVariable(name, null);
    }

    // Written atomically, readable by its owner only. Of two AppHosts that start at the same time, the first one's key counts.
    private static string StoredKey(string file)
    {
        if (Read(file) is { } stored)
            return stored;
        var temporary = $"{file}.{Environment.ProcessId}";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.ASCII.GetBytes(RandomSecret() + "\n"));
            stream.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(temporary, file, overwrite: false);
        }
        catch (IOException) when (File.Exists(file))
        {
            File.Delete(temporary);
        }

        return Read(file)!;
    }

    private static string? Read(string file) =>
        File.Exists(file) && File.ReadLines(file).FirstOrDefault()?.Trim() is { Length: >= 20 } key ? key : null;

    private static string RandomSecret() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
