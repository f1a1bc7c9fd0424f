using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace ImageAspire.AppHost.Embedded;

/// <summary>The secrets of one run. Services are told only their hashes.</summary>
/// <param name="ApiKey">The key with every scope.</param>
/// <param name="SignInToken">Opens the gallery.</param>
internal sealed record Secrets(string ApiKey, string SignInToken)
{
    public string ApiKeyHash => Hash(ApiKey);

    public string SignInTokenHash => Hash(SignInToken);

    public static Secrets Create(string? apiKey) => new(apiKey ?? Random(), Random());

    /// <summary>A secret that nobody can guess.</summary>
    public static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
