import Campaigns
import Conversations
import Dialog
import Foundation
import Ledger
import Negotiation
import Quantities
import Storage

extension Configuration {
    /// Loads policy and dialogs.
    /// - Parameter stored: versions that were put to work before, oldest first. A file that changed since has to pass the
    ///   gate like any other change: until then the stored one speaks.
    /// - Throws: ``ConfigurationError`` that says what is wrong with each file.
    public func loadWorld(stored: [StoredDialog] = []) throws -> World {
        var problems: [String] = []
        var policy: Policy?
        if let data = FileManager.default.contents(atPath: self.policy) {
            do {
                policy = try Policy.load(yaml: String(decoding: data, as: UTF8.self), file: self.policy)
            } catch {
                problems.append(String(describing: error))
            }
        } else {
            problems.append("\(self.policy): the policy file cannot be read")
        }
        let country = self.country.load(&problems)
        var compiled: [String: CompiledDialog] = [:]
        var other: CompiledDialog?
        do {
            for file in try dialogFiles() {
                let source = file.source ?? ""
                let conduct = country?.conduct ?? .argentina
                let before = stored.last { $0.place == file.place }
                if let before, before.version != CompiledDialog.version(of: source),
                    let dialog = before.compiled(under: conduct)
                {
                    if file.isExperiment { other = dialog } else { compiled[dialog.name] = dialog }
                    continue
                }
                let result = compileDialog(source: source, file: file.path, conduct: conduct)
                if let dialog = result.dialog {
                    if file.isExperiment { other = dialog } else { compiled[dialog.name] = dialog }
                }
                problems += result.diagnostics.filter { $0.severity == .error }.map { $0.rendered(source: source) }
            }
        } catch let error as ConfigurationError {
            problems += error.problems
        }
        if problems.isEmpty, compiled[entryDialog] == nil {
            problems.append("\(dialogs): there is no dialog `\(entryDialog)`, which `entry_dialog` names")
        }
        if let locale, let dialog = compiled[entryDialog], !dialog.locales.contains(locale) {
            problems.append(
                "\(dialogs): `\(entryDialog)` has no texts in \(locale), which `locale` names; there are "
                    + dialog.locales.joined(separator: ", "))
        }
        var tables: [String: IndexTable] = [:]
        for (unit, file) in indices.sorted(by: { $0.key < $1.key }) {
            guard let data = FileManager.default.contents(atPath: file) else {
                problems.append("\(file): the values of \(unit) cannot be read")
                continue
            }
            do {
                tables[unit] = try IndexTable.parse(String(decoding: data, as: UTF8.self))
            } catch {
                problems.append("\(file): \(error)")
            }
        }
        var card: Scorecard?
        if let riskCard {
            do {
                card = try Scorecard.parse(
                    String(decoding: FileManager.default.contents(atPath: riskCard) ?? Data(), as: UTF8.self),
                    file: riskCard)
                if card?.levels.isEmpty != false {
                    problems.append("\(riskCard): no risk card is there; make one with `promesa risk train`")
                }
            } catch {
                problems.append("\(error)")
            }
        }
        guard problems.isEmpty, let policy, let country else { throw ConfigurationError(problems) }
        var world = World(
            dialogs: compiled, entryDialog: entryDialog, policy: policy, calendar: country.calendar,
            zone: country.zone, conduct: country.conduct,
            payment: PaymentInstructions(alias: alias, cbu: cbu, link: link), attendedHours: attendedHours)
        world.locale = locale
        world.indices = IndexTables(tables)
        world.senders = senders
        world.riskCard = card
        world.reopenHours = console.reopenHours
        world.quietWindow = Int64(quietWindow)
        if let customerLinks { world.customerPage = { customerLinks.link($0, on: $1) } }
        if let experiment, let other {
            world.experiment = Conversations.Experiment(
                name: experiment.name, dialog: other, share: experiment.share)
        }
        return world
    }

    /// Makes and opens links to customers' own pages; nil where there are none.
    public var customerLinks: CustomerLinks? { customerPage.map(CustomerLinks.init) }

    /// The company's own address on each channel that is on.
    private var senders: [ContactChannel: String] {
        var senders: [ContactChannel: String] = [:]
        senders[.whatsapp] =
            whatsApp?.phoneNumberID ?? gateways.dialog360?.phoneNumberID ?? gateways.twilioWhatsApp?.from
        senders[.sms] = sms?.from
        senders[.mail] = mail?.from
        senders[.voice] = gateways.voice?.from
        return senders
    }
}

extension Configuration {
    /// The campaigns that the server takes accounts into by itself; none without a folder.
    /// - Throws: ``ConfigurationError`` with what is wrong in each file.
    public func loadCampaigns(_ world: World) throws -> [Campaign] {
        guard let campaigns else { return [] }
        var problems: [String] = []
        var found: [Campaign] = []
        for file in try Service.dialogFiles(in: campaigns) {
            let source = String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
            let read = CampaignFile(
                source: source, file: file, segments: world.policy.segments.map(\.name), conduct: world.conduct)
            problems += read.findings.map { $0.rendered(source: source) }
            guard let campaign = read.campaign else { continue }
            if found.contains(where: { $0.name == campaign.name }) {
                problems.append("\(file): there is another campaign named `\(campaign.name)`; name one otherwise")
            }
            found.append(campaign)
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
        return found
    }
}

/// The `.yaml` dialog files under `path` (a folder or one file), sorted; translations go with their dialog.
/// - Throws: ``ConfigurationError`` where there is none.
public func dialogFiles(in path: String, suffix: String = ".yaml") throws -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        throw ConfigurationError(["\(path): no existe ese archivo ni esa carpeta"])
    }
    if !isFolder.boolValue {
        guard let locale = DialogSource.locale(ofFile: path) else { return [path] }
        let dialog = String(path.dropLast(locale.count + ".yaml".count + 1)) + ".yaml"
        return FileManager.default.fileExists(atPath: dialog) ? [dialog] : [path]
    }
    let files = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? [])
        .filter { $0.hasSuffix(suffix) && DialogSource.locale(ofFile: $0) == nil }.sorted()
        .map { path.hasSuffix("/") ? path + $0 : path + "/" + $0 }
    if files.isEmpty { throw ConfigurationError(["\(path): en esta carpeta no hay ningún archivo \(suffix)"]) }
    return files
}

/// The paths of a dialog's translations, beside it.
public func translationFiles(of dialog: String) -> [String] {
    let url = URL(fileURLWithPath: dialog)
    let stem = url.deletingPathExtension().lastPathComponent
    let folder = dialog.lastIndex(of: "/").map { String(dialog[...$0]) } ?? ""
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
    return names.filter { $0.hasPrefix(stem + ".") && DialogSource.locale(ofFile: $0) != nil }.sorted().map {
        folder + $0
    }
}

/// The text of a dialog with its translations; nil where it cannot be read.
public func dialogSource(at path: String) -> DialogSource? {
    func text(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
    guard let dialog = text(path) else { return nil }
    return DialogSource(
        text: dialog,
        translations: translationFiles(of: path).compactMap { file in
            text(file).map {
                DialogSource.Translation(file: URL(fileURLWithPath: file).lastPathComponent, text: $0)
            }
        })
}
