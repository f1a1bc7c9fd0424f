using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.AppHost.Embedded;

/// <summary>The secrets of one run. Services are told only their hashes.</summary>
/// <param name="ApiKey">The key with every scope.</param>
/// <param name="SignInToken">Opens the gallery.</param>
/// <param name="DashboardToken">Opens the pages of the dashboard.</param>
/// <param name="OtlpKey">Shown by those who send telemetry to the dashboard.</param>
internal sealed record Secrets(string ApiKey, string SignInToken, string DashboardToken, string OtlpKey)
{
    public string ApiKeyHash => Hash(ApiKey);

    public string SignInTokenHash => Hash(SignInToken);

    public string DashboardTokenHash => Hash(DashboardToken);

    public string OtlpKeyHash => Hash(OtlpKey);

    public static Secrets Create(string? apiKey, string? otlpKey) => new(apiKey ?? Random(), Random(), Random(), otlpKey ?? Random());

    /// <summary>A secret that nobody can guess.</summary>
    public static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
