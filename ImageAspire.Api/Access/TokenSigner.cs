using System.Security.Cryptography;
using ImageAspire.Core.Access;

namespace ImageAspire.Api.Access;

/// <summary>
/// Signs and verifies sessions and sign-in links, without a store: with the hash of the API key's secret and with one from the configuration. So
/// they survive a restart, work on every instance, end with their key, and cannot be forged with read access to the store of the keys.
/// </summary>
internal sealed class TokenSigner(AccessOptions options, ApiKeyCache keys, TimeProvider time)
{
    private readonly byte[] _configured = options.Keys.FirstOrDefault()?.Hash ?? RandomNumberGenerator.GetBytes(32);

    /// <summary>The API key with this secret; null when there is none, or it is not valid.</summary>
    public Credential? OwnerOf(string secret) => SecretHash.Of(secret) is { } hash ? keys.Find(hash) : null;

    /// <summary>The text of a token.</summary>
    /// <param name="token">The token.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="owner">The API key that it acts for.</param>
    public string Sign(SignedToken token, string purpose, Credential owner) => token.Sign(purpose, KeyOf(owner));

    /// <summary>The token in a text, also an expired one, and its API key; null when it is forged, for another purpose, or its key is no longer valid.</summary>
    public (SignedToken Token, Credential Owner)? Verify(string text, string purpose)
    {
        if (SignedToken.Read(text) is not { } token)
            return null;
        var now = time.GetUtcNow();
        return keys.Current.Named(token.KeyName).FirstOrDefault(one => one.IsValid(now) && token.IsSigned(text, purpose, KeyOf(one))) is { } owner ? (token, owner) : null;
    }

    private byte[] KeyOf(Credential owner) => SignedToken.SigningKey(_configured, owner.Hash.ToBytes());
}
