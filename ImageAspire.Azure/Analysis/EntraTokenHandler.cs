using System.Net;
using System.Net.Http.Headers;
using Azure.Core;
using Azure.Identity;
using ImageAspire.Core.Errors;
using ImageAspire.Core.Ports;

namespace ImageAspire.Azure.Analysis;

/// <summary>Authenticates requests to Azure AI Vision with an Entra token. The token is cached, because developer credentials start a program for each.</summary>
internal sealed class EntraTokenHandler(TokenCredential credential, TimeProvider time) : DelegatingHandler
{
    private static readonly TokenRequestContext Scope = new(["https://cognitiveservices.azure.com/.default"]);
    private static readonly TimeSpan RefreshMargin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ConfigurationErrorDelay = TimeSpan.FromMinutes(1);
    private readonly SemaphoreSlim _lock = new(1, 1);
    private AccessToken _token;

    /// <inheritdoc />
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var token = await TokenAsync(cancellationToken);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Token);
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Unauthorized)
            await ForgetAsync(token, cancellationToken);
        return response;
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _lock.Dispose();
        base.Dispose(disposing);
    }

    private async Task<AccessToken> TokenAsync(CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            if (_token.Token is null || time.GetUtcNow() >= (_token.RefreshOn ?? _token.ExpiresOn - RefreshMargin))
                _token = await credential.GetTokenAsync(Scope, cancellationToken);
            return _token;
        }
        catch (AuthenticationFailedException error)
        {
            throw new AnalyzerUnavailableException(
                $"There is no Entra token for Azure AI Vision. Give this service an identity, or put 'Key=…' into the connection string 'vision'; the image waits. {error.Message}",
                ConfigurationErrorDelay, error) { Cause = FaultCauses.DependencyRefused };
        }
        finally
        {
            _lock.Release();
        }
    }

    // Revoked before its expiry: the next request gets a new one.
    private async Task ForgetAsync(AccessToken token, CancellationToken cancellationToken)
    {
        await _lock.WaitAsync(cancellationToken);
        try
        {
            if (_token.Token == token.Token)
                _token = default;
        }
        finally
        {
            _lock.Release();
        }
    }
}
