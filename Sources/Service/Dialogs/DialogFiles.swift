import Conversations
import Dialog
import Foundation
import Quantities

/// Where a dialog comes from.
struct DialogFile: Hashable, Sendable {
    /// The file's name without `.yaml`, or `experiment/NAME`: what a version is stored under.
    let place: String
    let path: String

    var isExperiment: Bool { place.hasPrefix("experiment/") }
    var folder: String { URL(fileURLWithPath: path).deletingLastPathComponent().path }

    /// With its translations; nil where it cannot be read.
    var source: String? { dialogSource(at: path)?.joined }
}

extension Configuration {
    /// The dialogs of the configuration, the experiment's last.
    /// - Throws: ``ConfigurationError``.
    func dialogFiles() throws -> [DialogFile] {
        let other = experiment.map { DialogFile(place: "experiment/\($0.name)", path: $0.dialog) }
        let files = try Service.dialogFiles(in: dialogs).filter { $0 != other?.path }.map {
            DialogFile(place: URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent, path: $0)
        }
        return files + (other.map { [$0] } ?? [])
    }

    /// Where the experiment's dialog and its conversations lie.
    var experimentFolder: String? {
        experiment.map { URL(fileURLWithPath: $0.dialog).deletingLastPathComponent().path }
    }

    /// The conversations that a dialog is tried with: those that lie with it and are not another one's.
    func chatFiles(of file: DialogFile) -> [String] {
        let root = file.isExperiment ? file.folder : dialogs
        let others = experimentFolder
        return ((try? Service.dialogFiles(in: root, suffix: ".chat")) ?? []).filter { chat in
            file.isExperiment || others == nil || others == root || !chat.hasPrefix(others! + "/")
        }
    }
}
