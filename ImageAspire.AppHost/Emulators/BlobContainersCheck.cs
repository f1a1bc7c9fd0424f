using Azure;
using Azure.Storage.Blobs;
using ImageAspire.AppHost.Model;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ImageAspire.AppHost.Emulators;

/// <summary>Healthy when all declared containers exist; those that are missing are created, at the first start and after somebody has emptied the folder.</summary>
/// <param name="account">The connection string of the account.</param>
internal sealed class BlobContainersCheck(ReferenceExpression account) : IHealthCheck
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            var client = new BlobServiceClient(await account.GetValueAsync(limit.Token), new BlobClientOptions { Retry = { MaxRetries = 0 } });
            foreach (var container in AzureTopology.Containers)
                await client.GetBlobContainerClient(container).CreateIfNotExistsAsync(cancellationToken: limit.Token);
            return HealthCheckResult.Healthy($"The containers {string.Join(", ", AzureTopology.Containers)} exist.");
        }
        catch (RequestFailedException error)
        {
            return HealthCheckResult.Unhealthy(error.Status == 0 ? "It does not listen." : $"It answers with {error.Status} {error.ErrorCode}.");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"No answer within {Patience.TotalSeconds:0} s.");
        }
    }
}
