using Aspire.Hosting.Azure;
using Azure.Provisioning.CognitiveServices;
using Azure.Provisioning.Primitives;

namespace ImageAspire.AppHost.Azure;

/// <summary>An Azure AI Vision (Computer Vision) account, keyless. Aspire has no integration for it.</summary>
internal sealed class VisionResource(string name, Action<AzureResourceInfrastructure> configure)
    : AzureProvisioningResource(name, configure), IResourceWithConnectionString
{
    /// <summary>The account's endpoint; the services authenticate with their identity.</summary>
    public BicepOutputReference Endpoint => new("endpoint", this);

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Endpoint}");

    private BicepOutputReference NameOutput => new("name", this);

    /// <summary>Lets the modules of role assignments reference the account.</summary>
    public override ProvisionableResource AddAsExistingResource(AzureResourceInfrastructure infra)
    {
        var identifier = this.GetBicepIdentifier();
        if (infra.GetProvisionableResources().OfType<CognitiveServicesAccount>().SingleOrDefault(one => one.BicepIdentifier == identifier) is { } known)
            return known;
        var account = CognitiveServicesAccount.FromExisting(identifier);
        if (!TryApplyExistingResourceAnnotation(this, infra, account))
            account.Name = NameOutput.AsProvisioningParameter(infra);
        infra.Add(account);
        return account;
    }
}
