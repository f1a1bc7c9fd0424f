using System.Net.Sockets;
using ImageAspire.Api.Http;
using ImageAspire.Core.Ports;
using ImageAspire.Core.Webhooks;

namespace ImageAspire.Api.Webhooks;

/// <summary>Refuses addresses of webhooks at once that no event would ever reach, or that a webhook has already.</summary>
internal sealed class WebhookTarget(WebhookAddresses addresses, IWebhookStore store, TimeProvider time)
{
    /// <summary>How long a name server may take; a name that it does not answer for is accepted, for each delivery asks again.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>Why a webhook cannot have an address; null when it can.</summary>
    /// <param name="url">The address.</param>
    /// <param name="of">The webhook that gets it; null for a new one.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ProblemResult?> ProblemAsync(string url, Guid? of, CancellationToken cancellationToken)
    {
        var target = new Uri(url);
        if ((await store.ListAsync(cancellationToken)).FirstOrDefault(one => one.Id != of && new Uri(one.Url) == target) is { } same)
            return Problems.Of(409, ProblemCodes.DuplicateWebhook, $"The webhook {same.Id} has this address: change its types, or enable it, with PATCH /api/webhooks/{same.Id}.");
        return !addresses.AllowsAll && await RefusalAsync(target.IdnHost, cancellationToken) is { } reason ? Problems.BadRequest(ProblemCodes.InvalidUrl, reason) : null;
    }

    private async Task<string?> RefusalAsync(string host, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await addresses.ResolveAsync(host, either.Token);
            return null;
        }
        catch (AddressRefusedException error)
        {
            return error.Message;
        }
        catch (SocketException)
        {
            return null; // no such name yet, or no name server
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
