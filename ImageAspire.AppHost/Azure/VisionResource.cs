using Aspire.Hosting.Azure;
using Azure.Provisioning;
using Azure.Provisioning.CognitiveServices;
using Azure.Provisioning.Expressions;
using Azure.Provisioning.Primitives;
using static Azure.Provisioning.Expressions.BicepFunction;

namespace ImageAspire.AppHost.Azure;

/// <summary>An Azure AI Vision (Computer Vision) account, keyless. Aspire has no integration for it, so this is one.</summary>
internal sealed class VisionResource(string name, Action<AzureResourceInfrastructure> configure)
    : AzureProvisioningResource(name, configure), IResourceWithConnectionString
{
    /// <summary>The account's address; the services sign in with their identity.</summary>
    public BicepOutputReference Endpoint => new("endpoint", this);

    /// <inheritdoc />
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Endpoint}");

    private BicepOutputReference NameOutput => new("name", this);

    /// <summary>Lets the modules of role assignments refer to the account.</summary>
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

/// <summary>Adds Azure AI Vision.</summary>
internal static class Vision
{
    // Built-in role "Cognitive Services User".
    private const string CognitiveServicesUser = "a97b65f3-24c7-4388-baec-2e87135dc908";

    /// <summary>
    /// The analyser's connection: an account of its own when deployed; when run, the connection string <c>vision</c> (an address, or
    /// <c>Endpoint=…;Key=…</c>), because any other way would create the account in Azure at F5. Null for the built-in analyser.
    /// </summary>
    public static IResourceBuilder<IResourceWithConnectionString>? AddImageAnalysis(this IDistributedApplicationBuilder builder, AppHostSettings settings) =>
        settings.UsesLocalVision ? builder.AddLocalVision()
        : !settings.UsesAzureVision ? null
        : settings.IsRun ? builder.AddConnectionString("vision")
        : builder.AddAzureProvisioning().AddResource(new VisionResource("vision", Describe))
            .WithAnnotation(new DefaultRoleAssignmentsAnnotation(new HashSet<RoleDefinition> { new(CognitiveServicesUser, nameof(CognitiveServicesUser)) }));

    private static void Describe(AzureResourceInfrastructure infrastructure)
    {
        var account = AzureProvisioningResource.CreateExistingOrNewProvisionableResource(infrastructure,
            (identifier, name) =>
            {
                var existing = CognitiveServicesAccount.FromExisting(identifier);
                existing.Name = name;
                return existing;
            },
            infra => new CognitiveServicesAccount(infra.AspireResource.GetBicepIdentifier())
            {
                Kind = "ComputerVision",
                Sku = new CognitiveServicesSku { Name = "S1" },
                Properties = new CognitiveServicesAccountProperties
                {
                    // Signing in with an identity needs a name of its own.
                    CustomSubDomainName = ToLower(Take(Concat(infra.AspireResource.Name, GetUniqueString(GetResourceGroup().Id)), 24)),
                    PublicNetworkAccess = ServiceAccountPublicNetworkAccess.Enabled,
                    DisableLocalAuth = true,
                },
                Tags = { { "aspire-resource-name", infra.AspireResource.Name } },
            });
        AddOutput(infrastructure, "endpoint", account.Properties.Endpoint.ToBicepExpression());
        AddOutput(infrastructure, "name", account.Name.ToBicepExpression()); // the modules of role assignments refer to it
    }

    private static void AddOutput(AzureResourceInfrastructure infrastructure, string name, BicepExpression value) =>
        infrastructure.Add(new ProvisioningOutput(name, typeof(string)) { Value = value });
}
