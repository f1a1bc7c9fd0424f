using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ImageAspire.Azure;

/// <summary>The identity of this process in Azure, where a connection string has no key.</summary>
internal static class AzureCredential
{
    /// <summary>Sets the one <see cref="TokenCredential"/> that all clients share, with its token cache.</summary>
    /// <remarks>On Container Apps AZURE_CLIENT_ID and AZURE_TOKEN_CREDENTIALS name the app's identity; on a developer's machine it is the developer's.</remarks>
    public static void AddAzureCredential(this IServiceCollection services) => services.TryAddSingleton<TokenCredential>(_ => new DefaultAzureCredential());
}
